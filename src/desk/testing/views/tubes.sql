-- title: 采样管 | Tubes
-- about: 每支采样管的样本数、封管与结果；等待时长由两个时间相减得出
--     | each tube: how many samples, when sealed, what came of it
-- roles: commander lead sampler lab
-- column: tube_id = tube.tube_id
-- column: site = tube.site
-- column: grid = tube.grid
-- column: samples = tube.samples
-- column: stated_count = tube.stated_count
-- column: first_collected_at = tube.first_collected_at
-- column: sealed_at = tube.sealed_at
-- column: result = tube.result
-- column: ct = tube.ct
-- column: lab = tube.lab
-- column: result_at = tube.result_at
-- column: waiting_us = INTEGER µs 采样至首次出结果用时 | from first sample to first result
-- key: tube_id
-- sorts: tube_id -tube_id
-- filters: tube_id result site lab
-- scope: grid
-- publish: yes
SELECT tube_id, site, grid, samples, stated_count, first_collected_at, sealed_at, result,
       ct, lab, result_at, resulted_at - first_collected_at AS waiting_us
FROM tube
