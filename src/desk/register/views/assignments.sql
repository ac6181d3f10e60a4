-- title: 指派 | Assignments
-- about: 谁被指派做什么、涉及何人、到何时为止；网格是作出指派的
--     | who is to do what, whom it is about, until when; the grid is that of who gave it
-- roles: lead investigator auditor
-- personal: yes
-- column: assignment = assignment.assignment
-- column: user_id = assignment.user_id
-- column: reference = assignment.reference
-- column: person = assignment.person
-- column: grid = assignment.grid
-- column: until = assignment.until
-- column: active = assignment.active
-- column: given_at = assignment.given_at
-- column: ended_at = assignment.ended_at
-- key: assignment
-- sorts: assignment -assignment
-- filters: user_id reference person active
-- scope: grid
SELECT assignment, user_id, reference, person, grid, until, active, given_at, ended_at
FROM assignment
