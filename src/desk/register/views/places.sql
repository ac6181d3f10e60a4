-- title: 场所 | Places
-- about: 登记的场所；住所不在其列，其编号等同于姓名
--     | the places of the register; homes are not among them, as their id is as good as a name
-- roles: commander lead investigator grid_worker sampler medic regulator auditor
-- column: place = place.place
-- column: name = place.name
-- column: kind = place.kind
-- column: grid = place.grid
-- column: parent = place.parent
-- column: parent_name = place.name 上级场所名称 | name of the place it is part of
-- column: area_m2 = place.area_m2
-- column: ventilation = place.ventilation
-- key: place
-- sorts: place
-- filters: place kind parent
-- scope: grid
SELECT l.place, l.name, l.kind, l.grid, l.parent,
       CASE WHEN u.kind IS NULL OR u.kind NOT IN ('household', 'room')
            THEN u.name END AS parent_name,
       l.area_m2, l.ventilation
FROM place AS l
LEFT JOIN place AS u ON u.place = l.parent
WHERE l.kind IS NULL OR l.kind NOT IN ('household', 'room')
