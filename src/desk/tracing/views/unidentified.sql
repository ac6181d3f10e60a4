-- title: 待核实接触者 | Unidentified contacts
-- about: 知道有、不知道是谁的接触者；查明之后写明是谁
--     | contacts who are known to be there, and not who they are; once it is known, who
-- roles: lead investigator
-- personal: yes
-- column: contact_id = contact_unidentified.contact_id
-- column: case_id = contact_unidentified.case_id
-- column: outbreak = contact_unidentified.outbreak
-- column: level = contact_unidentified.level
-- column: place = contact_unidentified.place
-- column: exposed_from = contact_unidentified.exposed_from
-- column: exposed_until = contact_unidentified.exposed_until
-- column: told_at = contact_unidentified.told_at
-- column: person = contact_unidentified.person
-- column: identified_at = contact_unidentified.identified_at
-- column: grid = TEXT 场所所在网格（未登记的按记录） | grid of the place, else of the record
-- opens: contact_unidentified = description
-- key: contact_id
-- sorts: contact_id -told_at
-- filters: contact_id case_id outbreak level place person
-- all_ids: yes
-- scope: grid
-- small: yes
SELECT u.contact_id, u.case_id, u.outbreak, u.level, u.place, u.exposed_from,
       u.exposed_until, u.told_at, u.person, u.identified_at,
       coalesce(l.grid, u.grid) AS grid, u.sealed AS contact_unidentified_sealed
FROM contact_unidentified AS u
LEFT JOIN place AS l ON l.place = u.place
