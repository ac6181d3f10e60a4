-- title: 任务所涉人员 | People whom tasks are about
-- about: 漏洞对象是人的任务，是哪个人
--     | of tasks whose hole is about a person, who that is
-- roles: lead investigator grid_worker sampler medic
-- personal: yes
-- column: task_id = task.task_id
-- column: hole = task.hole
-- column: person = task.person
-- column: post = task.post
-- column: due_at = task.due_at
-- column: grid = TEXT 本人所在网格（未登记的按记录） | grid of the person, else of the record
-- opens: person = name phone
-- key: task_id
-- sorts: task_id -due_at
-- filters: task_id hole person post
-- all_ids: yes
-- scope: grid
-- small: yes
SELECT t.task_id, t.hole, t.person, t.post, t.due_at, coalesce(p.grid, t.grid) AS grid,
       p.sealed AS person_sealed
FROM task AS t
LEFT JOIN person AS p ON p.person = t.person
WHERE t.person IS NOT NULL
