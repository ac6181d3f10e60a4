-- title: 采样管没有责任岗位 | Tubes that are nobody's
-- about: 采样管不知采自何处（没有网格），且未出阴性结果：没有岗位负责它。手机脱网时样本晚到，过了规定时间才计
--     | it is not known where a tube was filled (no grid), and it is not negative: no post
--     answers for it. Samples come late where phones are without a net, so that it counts
--     after the time that is given for a gap in a book
-- closes: 该管的采样或封管记录写明网格（sample.collected、tube.sealed），或结果为阴性（tube.resulted）
--     | a sample or the sealing of the tube with a grid (sample.collected, tube.sealed), or a
--     negative result (tube.resulted)
-- column: subject = tube.tube_id
-- column: grid = tube.grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 最早得知该管的时间 | first heard of
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.data.sender_gap
-- closed_by: sample.collected
-- closed_by: tube.sealed
-- closed_by: tube.resulted result=negative
-- touched_by: tube.tube_id first_collected_at sealed_at received_at result resulted_at grid
SELECT t.tube_id AS subject, t.grid, 'command' AS owner,
       coalesce(t.first_collected_at, t.sealed_at, t.received_at, t.resulted_at) AS since,
       coalesce(t.first_collected_at, t.sealed_at, t.received_at, t.resulted_at) + :due_us AS due_at
FROM tube AS t
WHERE t.grid IS NULL AND (t.result IS NULL OR t.result <> 'negative')
  AND coalesce(t.first_collected_at, t.sealed_at, t.received_at, t.resulted_at) IS NOT NULL
