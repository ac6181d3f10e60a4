-- title: 期限没有责任岗位 | Deadlines that are nobody's
-- about: 未办结的协查函、未查明的接触者（其病例未判定为排除）、未定随访等级的医务人员暴露、未答复的主动报备，既没有网格、本人也没有网格，因而没有岗位负责；
--     病例、接触者和上级指令另有各自的漏洞
--     | a letter that is not answered, a contact who is not identified (of what is a case
--     still), an exposure in care without a grade, a self-report without an answer, and
--     neither it nor its person has a grid, so that no post answers for it; cases, contacts
--     and instructions have holes of their own for this
-- closes: 同一记录写明网格，或登记本人住址（person.registered），或其本身办结
--     | the same record with a grid, or where the person lives (person.registered), or what
--     closes it itself
-- column: subject = TEXT 协查函、接触者、暴露、报备的编号 | id of the letter, contact, exposure, report
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 起算时间 | since
-- column: due_at = TIME 时限（立即） | due (at once)
-- touched_by: letter.letter_id outgoing sent_at received_at receipt_at done_at grid
-- touched_by: contact_unidentified.contact_id told_at identified_at case_id grid
-- touched_by: cases.case_id classification
--     SELECT contact_id FROM contact_unidentified WHERE case_id = :case_id
-- touched_by: exposure.exposure_id person kind follow_up recorded_at grid
-- touched_by: self_report.report_id person reported_at answered_at grid
-- touched_by: person.person grid
--     SELECT exposure_id FROM exposure WHERE person = :person
-- touched_by: person.person grid
--     SELECT report_id FROM self_report WHERE person = :person
SELECT x.letter_id AS subject, x.grid, 'command' AS owner,
       coalesce(x.sent_at, x.received_at) AS since,
       coalesce(x.sent_at, x.received_at) AS due_at
FROM letter AS x
WHERE x.grid IS NULL AND x.done_at IS NULL AND coalesce(x.sent_at, x.received_at) IS NOT NULL
UNION ALL
SELECT u.contact_id, u.grid, 'command', u.told_at, u.told_at
FROM contact_unidentified AS u
LEFT JOIN cases AS c ON c.case_id = u.case_id
WHERE u.grid IS NULL AND u.identified_at IS NULL AND u.told_at IS NOT NULL
  AND (c.classification IS NULL OR c.classification <> 'not_a_case')
UNION ALL
SELECT e.exposure_id, e.grid, 'command', e.recorded_at, e.recorded_at
FROM exposure AS e
LEFT JOIN person AS p ON p.person = e.person
WHERE e.grid IS NULL AND p.grid IS NULL AND e.kind = 'care' AND e.follow_up IS NULL
  AND e.recorded_at IS NOT NULL
UNION ALL
SELECT s.report_id, s.grid, 'command', s.reported_at, s.reported_at
FROM self_report AS s
LEFT JOIN person AS p ON p.person = s.person
WHERE s.grid IS NULL AND p.grid IS NULL AND s.answered_at IS NULL
  AND s.reported_at IS NOT NULL
