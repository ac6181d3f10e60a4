-- title: 已封管未出结果 | Sealed and not resulted
-- about: 采样管已封管，或检测机构已接收，过了规定的出结果时限仍无结果；时限自首个样本起算
--     | a tube was sealed, or a laboratory signed for it, and no result is in when the time
--     for it is over, which is counted from the first sample in it
-- closes: 该管出结果（tube.resulted）
--     | a result of the tube (tube.resulted)
-- column: subject = tube.tube_id
-- column: grid = tube.grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 封管时间，没有则为接收时间 | sealed, else received
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.result.ordinary
-- closed_by: tube.resulted
-- touched_by: tube.tube_id first_collected_at sealed_at received_at result grid
SELECT tube_id AS subject, grid, 'testing' AS owner, coalesce(sealed_at, received_at) AS since,
       coalesce(first_collected_at, sealed_at, received_at) + :due_us AS due_at
FROM tube
WHERE (sealed_at IS NOT NULL OR received_at IS NOT NULL) AND result IS NULL
