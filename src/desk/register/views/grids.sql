-- title: 网格名称 | Names of grids
-- about: 每个网格编码叫什么名字
--     | what each grid code is called
-- roles: commander lead investigator grid_worker guard sampler lab medic regulator auditor operator
-- column: grid = grid.grid
-- column: name = grid.name
-- key: grid
-- sorts: grid
-- scope: grid
SELECT grid, name FROM grid
