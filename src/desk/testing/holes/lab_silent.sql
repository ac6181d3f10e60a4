-- title: 检测机构缺日 | Silent laboratories
-- about: 出过结果的检测机构，某日接收了采样管，此后一天、再过规定时间没有报来任何结果
--     | a laboratory that has resulted before signed for tubes on a day, and for a day since
--     the first of them, and the time that is given, no result of it has come
-- closes: 该机构其后的任一结果（tube.resulted，写明检测机构）
--     | any result of the laboratory after that (tube.resulted that names it)
-- column: subject = lab_day.lab
-- column: grid = lab_day.grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 最近结果之后首次接收时间 | first tube of a day on which no result followed
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.data.missing_day
-- closed_by: tube.resulted
-- touched_by: lab_day.lab first_received_at last_resulted_at grid
SELECT d.lab AS subject, (SELECT max(e.grid) FROM lab_day AS e WHERE e.lab = d.lab) AS grid,
       'testing' AS owner,
       min(d.first_received_at) AS since,
       min(d.first_received_at) + 86400000000 + :due_us AS due_at
FROM lab_day AS d
WHERE d.lab IS NOT NULL AND d.first_received_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM lab_day AS e
              WHERE e.lab = d.lab AND e.last_resulted_at IS NOT NULL
                AND e.last_resulted_at < d.first_received_at)
  AND NOT EXISTS (SELECT 1 FROM lab_day AS e
                  WHERE e.lab = d.lab AND e.last_resulted_at IS NOT NULL
                    AND e.last_resulted_at >= d.first_received_at)
GROUP BY d.lab
