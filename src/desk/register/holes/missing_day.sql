-- title: 数据缺日 | Missing data days
-- about: 疫情期间，某类到访或接触数据此前报送过，其后一天没有报送：收到前一批后满一天、再过规定时间仍未到；
--     以后到了更晚的日期，缺的那天仍是漏洞
--     | visits, or encounters, that were delivered before and of which a day is missing while
--     an outbreak goes on: a day after the delivery before it, and the time that is given,
--     the next day had not come. That later days have come does not close it
-- closes: 含这一天的数据送到（visits.received），或疫情结束（outbreak.ended）
--     | data that hold this day come (visits.received), or the outbreak ends (outbreak.ended)
-- column: subject = TEXT 数据种类（visits encounters） | kind of data (visits encounters)
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 缺日之前一批的收到时间 | when the delivery before it came
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.data.missing_day
-- closed_by: visits.received
-- touched_by: delivery.kind first_day last_day received_at
-- touched_by: outbreak.outbreak active declared_at
--     SELECT kind FROM delivery WHERE kind IS NOT NULL AND :outbreak IS NOT NULL
SELECT d.kind AS subject, NULL AS grid, 'register' AS owner, min(d.received_at) AS since,
       min(d.received_at) + 86400000000 + :due_us AS due_at
-- The newest delivery of each last day behind which the next one is missing. Deliveries
-- are found by their last day: of one kind there are thousands, of a day a few.
FROM delivery AS d
WHERE d.kind IS NOT NULL AND d.last_day IS NOT NULL AND d.received_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM delivery AS e
                  WHERE coalesce(e.kind, '') = d.kind AND e.last_day IS NOT NULL
                    AND e.last_day > d.last_day AND e.first_day <= d.last_day + 1)
  AND NOT EXISTS (SELECT 1 FROM delivery AS e
                  WHERE coalesce(e.kind, '') = d.kind AND e.last_day IS NOT NULL
                    AND e.last_day = d.last_day AND e.received_at > d.received_at)
  AND EXISTS (SELECT 1 FROM outbreak AS o
              WHERE o.active = 1
                AND d.received_at + 86400000000 + :due_us > o.declared_at)
GROUP BY d.kind
