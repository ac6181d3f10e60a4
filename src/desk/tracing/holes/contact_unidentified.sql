-- title: 待核实接触者未查明 | Contacts who are not identified
-- about: 知道有一名接触者、不知道是谁，自提出起过了告知的时限仍未查明
--     | there is a contact whom nobody knows, and who they are was not found out by when they
--     should have been told
-- closes: contact.identified
--     | contact.identified
-- column: subject = contact_unidentified.contact_id
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 首次提出时间 | first told of
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.contacts_notified
-- closed_by: contact.identified
-- touched_by: contact_unidentified.contact_id told_at identified_at case_id grid
-- touched_by: cases.case_id classification
--     SELECT contact_id FROM contact_unidentified WHERE case_id = :case_id
SELECT u.contact_id AS subject, u.grid, 'tracing' AS owner, u.told_at AS since,
       u.told_at + :due_us AS due_at
FROM contact_unidentified AS u
LEFT JOIN cases AS c ON c.case_id = u.case_id
WHERE u.identified_at IS NULL
  AND (c.classification IS NULL OR c.classification <> 'not_a_case')
