-- title: 移交负责的人员 | People in the charge of another grid
-- about: 移交给哪个网格、到何时为止、何时接收；接收后才生效，到期即失效
--     | to which grid they were handed over, until when, and when they were taken; it holds once
--     they were, and ends by itself
-- roles: lead investigator grid_worker medic auditor
-- personal: yes
-- column: custody = custody.custody
-- column: person = custody.person
-- column: grid = custody.grid
-- column: until = custody.until
-- column: active = custody.active
-- column: given_at = custody.given_at
-- column: ended_at = custody.ended_at
-- column: taken_at = custody.taken_at
-- key: custody
-- sorts: custody -custody
-- filters: person active
-- scope: grid
SELECT custody, person, grid, until, active, given_at, ended_at, taken_at
FROM custody
