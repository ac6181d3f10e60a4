-- title: 采样与出结果走势 | Sampling and results by time
-- about: 近24小时，每个镇街每一刻钟采的样本（按管内首个样本的时间）与首次出结果的样本；
--     最近一刻钟尚未过完。结果只算近48小时内采的管
--     | of the last 24 hours, by town and quarter of an hour: samples taken (by the first
--     sample of their tube), and samples whose tube got its first result; the last quarter
--     is not over yet. Results are of tubes whose first sample was taken within 48 hours
-- roles: commander lead sampler lab
-- now: yes
-- column: quarter = TIME 一刻钟从何时起 | the quarter of an hour begins
-- column: grid = TEXT 镇街（未知的为空） | town; empty: not known
-- column: tubes_taken = INTEGER 1 开始采的管 | tubes begun
-- column: samples_taken = INTEGER 1 其中的样本 | samples in these
-- column: tubes_resulted = INTEGER 1 出结果的管 | tubes that got a result
-- column: samples_resulted = INTEGER 1 其中的样本 | samples in these
-- key: quarter grid
-- sorts: quarter -quarter
-- scope: grid
-- small: yes
SELECT q.quarter, q.grid, sum(q.tube_taken) AS tubes_taken, sum(q.taken) AS samples_taken,
       sum(q.tube_resulted) AS tubes_resulted, sum(q.resulted) AS samples_resulted
FROM (
      SELECT t.first_collected_at - t.first_collected_at % 900000000 AS quarter,
             substr(coalesce(t.grid, ''), 1, 9) AS grid, 1 AS tube_taken,
             coalesce(t.samples, 0) AS taken, 0 AS tube_resulted, 0 AS resulted
      FROM tube AS t
      WHERE t.first_collected_at > :now - 86400000000 AND t.first_collected_at <= :now
      UNION ALL
      SELECT r.resulted_at - r.resulted_at % 900000000 AS quarter,
             substr(coalesce(r.grid, ''), 1, 9) AS grid, 0 AS tube_taken,
             0 AS taken, 1 AS tube_resulted, coalesce(r.samples, 0) AS resulted
      FROM tube AS r
      WHERE r.first_collected_at > :now - 172800000000
        AND r.resulted_at > :now - 86400000000 AND r.resulted_at <= :now
) AS q
GROUP BY q.quarter, q.grid
