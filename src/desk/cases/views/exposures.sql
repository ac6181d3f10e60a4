-- title: 到访以外的暴露 | Exposures other than being there
-- about: 诊疗护理、动物、水、货物等暴露，防护情况与随访等级
--     | care, animals, water, goods and the like: how protected, and the grade of follow-up
-- roles: lead investigator medic
-- personal: yes
-- column: exposure_id = exposure.exposure_id
-- column: person = exposure.person
-- column: case_id = exposure.case_id
-- column: kind = exposure.kind
-- column: protection = exposure.protection
-- column: follow_up = exposure.follow_up
-- column: place = exposure.place
-- column: from_at = exposure.from_at
-- column: until_at = exposure.until_at
-- column: outbreak = exposure.outbreak
-- column: lot = exposure.lot
-- column: recorded_at = exposure.recorded_at
-- column: grid = TEXT 本人所在网格（未登记的按记录） | grid of the person, else of the record
-- opens: person = name phone
-- key: exposure_id
-- sorts: exposure_id -recorded_at
-- filters: exposure_id person case_id kind protection follow_up outbreak lot
-- all_ids: yes
-- scope: grid
-- small: yes
SELECT e.exposure_id, e.person, e.case_id, e.kind, e.protection, e.follow_up, e.place,
       e.from_at, e.until_at, e.outbreak, e.lot, e.recorded_at,
       coalesce(p.grid, e.grid) AS grid, p.sealed AS person_sealed
FROM exposure AS e
LEFT JOIN person AS p ON p.person = e.person
