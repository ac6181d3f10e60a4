-- title: 岗位无人值守 | Posts that nobody holds
-- about: 疫情期间排过班或接过任务的岗位，或承办着未办结上级指令的岗位，最后一班结束后没有人接班，或从未排班；
--     自最后一班结束、从未排班的自首次交办起即为漏洞
--     | a post that was on the roster or was given a task while an outbreak goes on, or that
--     has an instruction to answer, and that nobody holds after its last shift, or nobody
--     ever held; owed from the end of the last shift, else from when it was first given work
-- closes: post.held，写明此后由谁值守；或疫情结束（outbreak.ended）
--     | post.held, with who holds it from then on; or the end of the outbreak (outbreak.ended)
-- column: subject = post_holder.post
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 最后一班结束时间，从未排班的为首次交办时间 | end of the last shift, else when it was first given work
-- column: due_at = TIME 时限（立即） | due (at once)
-- closed_by: post.held
-- touched_by: post_holder.post until_at grid
-- touched_by: task.post assigned_at grid
-- touched_by: instruction.post received_at done_at grid
-- touched_by: outbreak.outbreak active
--     SELECT post FROM post_holder WHERE :outbreak IS NOT NULL
--     UNION SELECT post FROM task WHERE post IS NOT NULL
SELECT h.post AS subject, h.grid, 'command' AS owner, h.until_at AS since,
       h.until_at AS due_at
-- Its last shift; of several that end together one stands for all.
FROM post_holder AS h
WHERE h.until_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM post_holder AS g
                  WHERE g.post = h.post AND g.until_at >= h.until_at
                    AND (g.until_at > h.until_at OR g.holder > h.holder
                         OR (g.holder = h.holder AND g.from_at > h.from_at)))
  AND (EXISTS (SELECT 1 FROM outbreak AS o WHERE o.active = 1)
       OR EXISTS (SELECT 1 FROM instruction AS i
                  WHERE i.post = h.post AND i.post IS NOT NULL AND i.done_at IS NULL
                    AND i.received_at IS NOT NULL))
UNION ALL
-- Nobody ever held it: the first instruction that is open, else the first task.
SELECT i.post, i.grid, 'command', i.received_at, i.received_at
FROM instruction AS i
WHERE i.post IS NOT NULL AND i.done_at IS NULL AND i.received_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM post_holder AS h
                  WHERE h.post = i.post AND h.until_at IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM instruction AS e
                  WHERE e.post = i.post AND e.post IS NOT NULL AND e.done_at IS NULL
                    AND (e.received_at < i.received_at
                         OR (e.received_at = i.received_at
                             AND e.instruction < i.instruction)))
UNION ALL
SELECT t.post, t.grid, 'command', t.assigned_at, t.assigned_at
FROM task AS t
WHERE t.post IS NOT NULL AND t.assigned_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM outbreak AS o WHERE o.active = 1)
  AND NOT EXISTS (SELECT 1 FROM post_holder AS h
                  WHERE h.post = t.post AND h.until_at IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM instruction AS i
                  WHERE i.post = t.post AND i.post IS NOT NULL AND i.done_at IS NULL
                    AND i.received_at IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM task AS e
                  WHERE e.post = t.post AND e.post IS NOT NULL
                    AND (e.assigned_at < t.assigned_at
                         OR (e.assigned_at = t.assigned_at AND e.task_id < t.task_id)))
