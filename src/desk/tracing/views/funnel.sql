-- title: 接触者漏斗 | Funnel of contacts
-- about: 每个网格、每一类接触者中有多少人被提出、判定、联系上、管控、采样、转为病例；一人（也含说是同一人的几个编号）只计一次，
--     按其最高一类；经判定不是病例的，其接触者不计
--     | of each level in each grid, how many contacts were named, confirmed, reached, placed,
--     tested, and became cases; somebody who is a contact of several cases, or by several
--     ids that are one person, counts once, by the highest level; contacts of what was found to be no case do not
-- roles: commander lead investigator grid_worker medic auditor
-- column: outbreak = contact.outbreak
-- column: level = TEXT 接触者类别（close secondary general unknown） | level (close secondary general unknown)
-- column: grid = TEXT 本人所在村、社区（未知的为空） | village of the person; empty: not known
-- column: named = INTEGER 1 被提出 | named
-- column: confirmed = INTEGER 1 已判定 | confirmed
-- column: reached = INTEGER 1 已联系上 | reached
-- column: placed = INTEGER 1 已管控 | placed
-- column: tested = INTEGER 1 已采样 | tested
-- column: converted = INTEGER 1 转为病例 | became cases
-- key: outbreak level grid
-- sorts: outbreak -named
-- filters: outbreak level
-- scope: grid
-- small: yes
SELECT q.outbreak,
       CASE q.height WHEN 3 THEN 'close' WHEN 2 THEN 'secondary' WHEN 1 THEN 'general'
                     ELSE 'unknown' END AS level,
       q.grid, count(*) AS named, sum(q.confirmed) AS confirmed, sum(q.reached) AS reached,
       sum(q.placed) AS placed, sum(q.tested) AS tested, sum(q.converted) AS converted
FROM (SELECT k.outbreak, k.person AS who,
             max(substr(coalesce(p.grid, k.grid, ''), 1, 12)) AS grid,
             max(CASE k.level WHEN 'close' THEN 3 WHEN 'secondary' THEN 2
                              WHEN 'general' THEN 1 ELSE 0 END) AS height,
             max(CASE WHEN k.confirmed_at IS NULL THEN 0 ELSE 1 END) AS confirmed,
             max(CASE WHEN k.reached_at IS NULL THEN 0 ELSE 1 END) AS reached,
             max(CASE WHEN k.placed_at IS NULL THEN 0 ELSE 1 END) AS placed,
             max(CASE WHEN k.tested_at IS NULL THEN 0 ELSE 1 END) AS tested,
             max(CASE WHEN k.converted_at IS NULL THEN 0 ELSE 1 END) AS converted
      FROM tracing_joined AS k
      LEFT JOIN person AS p ON p.person = k.person
      LEFT JOIN cases AS c ON c.case_id = k.case_id
      WHERE k.outbreak IS NOT NULL
        AND (c.classification IS NULL OR c.classification <> 'not_a_case')
        AND (k.dismissed_at IS NULL OR k.last_confirmed_at >= k.dismissed_at)
      GROUP BY k.outbreak, k.person) AS q
GROUP BY q.outbreak, q.height, q.grid
