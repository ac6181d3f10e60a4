-- title: 对个人数据的查询 | Looks at people's data
-- about: 谁在何时因何事由、何用途查询过多少人的资料，以及被拒的查询；所涉人员不在其中
--     | who looked at how many people's data, when, by which reference and for what, and
--     what was refused; not whom it showed
-- roles: auditor
-- column: look = look.look
-- column: looked_at = look.looked_at
-- column: actor = look.actor
-- column: role = look.role
-- column: office = look.office
-- column: office_name = look.office_name
-- column: reference_kind = look.reference_kind
-- column: reference = look.reference
-- column: purpose = look.purpose
-- column: asked = look.asked
-- column: shown = look.shown
-- column: own_household = look.own_household
-- column: colleague = look.colleague
-- column: refused = look.refused
-- column: of_one = look.of_one
-- column: grid = look.grid
-- key: look
-- sorts: -looked_at looked_at
-- filters: actor role office purpose reference refused own_household colleague
-- scope: grid
SELECT l.look, l.looked_at, l.actor, l.role, l.office, l.office_name, l.reference_kind,
       l.reference, l.purpose, l.asked, l.shown, l.own_household, l.colleague, l.refused,
       l.of_one,
       l.grid
FROM look AS l
