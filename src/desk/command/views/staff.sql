-- title: 可值守的用户 | Users who can hold a post
-- about: 排班时可选的用户：在用的账号，不含居民；不含姓名
--     | whom a roster can name: accounts in use, without those of residents; without their
--     names
-- roles: commander lead
-- column: user_id = users.user_id
-- column: role = users.role
-- column: grid = users.grid
-- column: office = users.office
-- key: user_id
-- sorts: user_id
-- filters: role office
-- scope: grid
SELECT user_id, role, grid, office
FROM users
WHERE active = 1 AND role <> 'resident'
