-- title: 无有效事由的查询（按人按小时） | Looks without a live reference, by hour
-- about: 谁在哪一小时内以不存在、已结束或不属其工作范围的事由查询个人数据、多少次，以及审计员何时核查
--     | who asked for people's data by a reference that is not there, is over or is not
--     theirs, in which hour and how often, and when an auditor reviewed it
-- roles: auditor
-- column: stretch = look_refusals.stretch
-- column: actor = look_refusals.actor
-- column: refusals = look_refusals.refusals
-- column: first_at = look_refusals.first_at
-- column: last_at = look_refusals.last_at
-- column: reviewed_at = look_review.reviewed_at
-- column: grid = look_refusals.grid
-- key: stretch
-- sorts: -first_at first_at
-- filters: actor stretch
-- scope: grid
SELECT p.stretch, p.actor, p.refusals, p.first_at, p.last_at, r.reviewed_at, p.grid
FROM look_refusals AS p
LEFT JOIN look_review AS r ON r.subject = p.stretch
