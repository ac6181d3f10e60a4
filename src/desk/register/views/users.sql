-- title: 用户 | Users
-- about: 谁可以登录：角色、负责的网格、所属单位；不含姓名
--     | who may log in: role, grid, office; without their names
-- roles: lead operator auditor
-- column: user_id = users.user_id
-- column: role = users.role
-- column: grid = users.grid
-- column: office = users.office
-- column: active = users.active
-- column: added_at = users.added_at
-- column: removed_at = users.removed_at
-- key: user_id
-- sorts: user_id -user_id
-- filters: role office active
-- scope: grid
SELECT user_id, role, grid, office, active, added_at, removed_at
FROM users
