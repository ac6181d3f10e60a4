-- title: 风险场所 | Places of exposure
-- about: 病例到过、判定有暴露风险的场所：同场人员是否已列出、公告是否已发布
--     | places where people were exposed to a case: whether those who were there were
--     listed, and whether a notice was published
-- roles: commander lead investigator grid_worker regulator auditor
-- column: case_id = exposure_place.case_id
-- column: place = exposure_place.place
-- column: outbreak = exposure_place.outbreak
-- column: place_name = place.name
-- column: place_kind = place.kind
-- column: from_at = exposure_place.from_at
-- column: until_at = exposure_place.until_at
-- column: told_at = exposure_place.told_at
-- column: listed_at = exposure_place.listed_at
-- column: noticed_at = TIME 首次公告时间 | first notice published
-- column: grid = TEXT 场所所在网格（未登记的按记录） | grid of the place, else of the record
-- key: case_id place
-- sorts: case_id -case_id -told_at
-- filters: case_id place outbreak place_kind
-- scope: grid
-- small: yes
SELECT e.case_id, e.place, e.outbreak, l.name AS place_name, l.kind AS place_kind,
       e.from_at, e.until_at, e.told_at, e.listed_at,
       (SELECT min(n.published_at) FROM notice AS n
        WHERE n.place = e.place AND n.place IS NOT NULL) AS noticed_at,
       coalesce(l.grid, e.grid) AS grid
FROM exposure_place AS e
LEFT JOIN place AS l ON l.place = e.place
