-- title: 随访记录 | Follow-ups
-- about: 对接触者的每一次联系：是否联系上、怎么联系、有没有症状；编号照记录时所写，几个编号的一人不合并
--     | each time that somebody tried to speak to a contact: whether they were reached, how,
--     and whether they had symptoms; under the id that was said, also of those who have several
-- roles: lead investigator grid_worker medic
-- personal: yes
-- column: person = contact_visit.person
-- column: contacted_at = contact_visit.contacted_at
-- column: reached = contact_visit.reached
-- column: attempt = contact_visit.attempt
-- column: how = contact_visit.how
-- column: symptomatic = contact_visit.symptomatic
-- column: outbreak = contact_visit.outbreak
-- column: grid = TEXT 本人所在网格（未登记的按记录） | grid of the person, else of the record
-- opens: person = name phone
-- key: person contacted_at reached outbreak
-- sorts: person -contacted_at
-- filters: person outbreak reached symptomatic
-- all_ids: yes
-- scope: grid
-- small: yes
SELECT v.person, v.contacted_at, v.reached, v.attempt, v.how, v.symptomatic, v.outbreak,
       coalesce(p.grid, v.grid) AS grid, p.sealed AS person_sealed
FROM contact_visit AS v
LEFT JOIN person AS p ON p.person = v.person
