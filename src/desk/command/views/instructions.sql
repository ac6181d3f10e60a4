-- title: 上级指令 | Instructions from above
-- about: 上级要求什么、由哪个岗位承办、何时回复、回复了没有
--     | what is asked from above, which post answers it, by when, and whether it did
-- roles: commander lead investigator auditor
-- column: instruction = instruction.instruction
-- column: source = instruction.source
-- column: document = instruction.document
-- column: asks = instruction.asks
-- column: post = instruction.post
-- column: received_at = instruction.received_at
-- column: reply_by = instruction.reply_by
-- column: first_answered_at = instruction.first_answered_at
-- column: done_at = instruction.done_at
-- column: answer = instruction.answer
-- column: tasks = INTEGER 1 为此交办的任务 | tasks that serve it
-- column: grid = instruction.grid
-- key: instruction
-- sorts: instruction reply_by -reply_by -received_at
-- filters: instruction post answer
-- scope: grid
-- small: yes
SELECT i.instruction, i.source, i.document, i.asks, i.post, i.received_at, i.reply_by,
       i.first_answered_at, i.done_at, i.answer,
       (SELECT count(*) FROM task AS t WHERE t.instruction = i.instruction) AS tasks, i.grid
FROM instruction AS i
