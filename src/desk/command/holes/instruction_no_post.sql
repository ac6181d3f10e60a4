-- title: 上级指令没有责任岗位 | Instructions that are nobody's
-- about: 上级指令有时限，而没有岗位承办
--     | an instruction from above has a deadline, and no post that answers for it
-- closes: instruction.received 写明 post，或办结（instruction.answered）
--     | instruction.received with a post, or answered in full (instruction.answered)
-- column: subject = instruction.instruction
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 收到时间 | received
-- column: due_at = TIME 时限（立即） | due (at once)
-- closed_by: instruction.answered answer=done,not_possible
-- touched_by: instruction.instruction received_at post done_at grid
SELECT i.instruction AS subject, i.grid, 'command' AS owner, i.received_at AS since,
       i.received_at AS due_at
FROM instruction AS i
WHERE i.post IS NULL AND i.done_at IS NULL
