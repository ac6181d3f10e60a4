-- title: 样本 | Samples
-- about: 谁的样本在哪支管里，以及该管的结果 | whose sample is in which tube, and the tube's result
-- roles: lead investigator sampler lab medic
-- personal: yes
-- column: tube_id = sample.tube_id
-- column: person = sample.person
-- column: collected_at = sample.collected_at
-- column: site = sample.site
-- column: round_id = sample.round_id
-- column: grid = sample.grid
-- column: result = tube.result
-- column: result_at = tube.result_at
-- key: tube_id person
-- sorts: tube_id -tube_id
-- filters: tube_id person site round_id result
-- all_ids: yes
-- scope: grid
-- publish: yes
SELECT s.tube_id, s.person, s.collected_at, s.site, s.round_id, s.grid, t.result,
       t.result_at
FROM sample AS s
LEFT JOIN tube AS t ON t.tube_id = s.tube_id
-- SQLite finds somebody's rows by the index of those that are given.
WHERE s.person IS NOT NULL
