-- title: 环境样本 | Swabs of things
-- about: 在哪里、从什么上采的样本，以及采样管的结果
--     | what was swabbed where, and the result of the tube
-- roles: commander lead investigator sampler lab regulator auditor
-- column: tube_id = environment_sample.tube_id
-- column: place = environment_sample.place
-- column: place_name = place.name
-- column: object = environment_sample.object
-- column: lot = environment_sample.lot
-- column: outbreak = environment_sample.outbreak
-- column: taken_at = environment_sample.taken_at
-- column: result = tube.result
-- column: result_at = tube.result_at
-- column: grid = TEXT 场所所在网格（未登记的按记录） | grid of the place, else of the record
-- key: tube_id
-- sorts: tube_id -tube_id -taken_at
-- filters: place outbreak result lot
-- scope: grid
-- small: yes
SELECT e.tube_id, e.place, l.name AS place_name, e.object, e.lot, e.outbreak, e.taken_at,
       t.result, t.result_at, coalesce(l.grid, e.grid) AS grid
FROM environment_sample AS e
LEFT JOIN tube AS t ON t.tube_id = e.tube_id
LEFT JOIN place AS l ON l.place = e.place
