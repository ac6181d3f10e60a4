-- title: 上级指令未回复 | Instructions without a reply
-- about: 上级指令过了回复时限仍未办结
--     | an instruction from above was not answered in full when its time was over
-- closes: instruction.answered（answer=done 或 not_possible）
--     | instruction.answered with done or not_possible
-- column: subject = instruction.instruction
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 收到时间 | received
-- column: due_at = TIME 回复时限 | to be answered by
-- closed_by: instruction.answered answer=done,not_possible
-- touched_by: instruction.instruction received_at reply_by done_at grid
SELECT i.instruction AS subject, i.grid, 'command' AS owner, i.received_at AS since,
       i.reply_by AS due_at
FROM instruction AS i
WHERE i.done_at IS NULL
