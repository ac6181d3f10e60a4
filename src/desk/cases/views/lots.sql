-- title: 货物批次倒查 | Where a lot was
-- about: 某一批次的货物在哪些场所被采样、有哪些暴露与它有关，以及结果；当时在场的人从场所页以病例为事由查询
--     | at which places goods of a lot were swabbed, which exposures it had a part in, and
--     with what result; who was at a place is asked from a case, on the place's page
-- roles: commander lead investigator medic regulator auditor
-- column: lot = environment_sample.lot
-- column: record = TEXT 记录（采样管或暴露编号） | record: id of the tube, or of the exposure
-- column: what = TEXT 环境采样 swab 或暴露 exposure | swab or exposure
-- column: place = environment_sample.place
-- column: place_name = place.name
-- column: object = environment_sample.object
-- column: from_at = TIME 采样时间，或暴露开始时间 | swabbed, or exposed from
-- column: until_at = TIME 暴露结束时间 | exposed until
-- column: result = tube.result
-- column: case_id = exposure.case_id
-- column: outbreak = environment_sample.outbreak
-- column: grid = TEXT 场所所在网格（未登记的按记录） | grid of the place, else of the record
-- key: lot record
-- sorts: lot -lot
-- filters: lot what place result outbreak
-- scope: grid
-- small: yes
SELECT q.lot, q.record, q.what, q.place, l.name AS place_name, q.object, q.from_at, q.until_at,
       q.result, q.case_id, q.outbreak, coalesce(l.grid, q.grid) AS grid
FROM (
      SELECT e.lot AS lot, e.tube_id AS record, 'swab' AS what, e.place AS place,
             e.object AS object, e.taken_at AS from_at, NULL AS until_at, t.result AS result,
             NULL AS case_id, e.outbreak AS outbreak, e.grid AS grid
      FROM environment_sample AS e
      LEFT JOIN tube AS t ON t.tube_id = e.tube_id
      WHERE e.lot IS NOT NULL
      UNION ALL
      SELECT x.lot, x.exposure_id, 'exposure', x.place, x.kind, x.from_at, x.until_at, NULL,
             x.case_id, x.outbreak, x.grid
      FROM exposure AS x
      WHERE x.lot IS NOT NULL
     ) AS q
LEFT JOIN place AS l ON l.place = q.place
