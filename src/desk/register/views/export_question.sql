-- title: 一次大量导出的条件 | What a large export is of
-- about: 交付时按原条件再查一次；只供服务自身使用
--     | asked again as it was when the export is delivered; for the service alone
-- personal: yes
-- column: export_id = exports.export_id
-- column: requested_by = exports.requested_by
-- column: asked = exports.asked
-- column: purpose = exports.purpose
-- column: reference_kind = exports.reference_kind
-- column: reference = exports.reference
-- column: persons = exports.persons
-- column: released_by = exports.released_by
-- column: delivered_at = exports.delivered_at
-- column: grid = exports.grid
-- opens: exports = question
-- key: export_id
-- sorts: export_id
-- filters: export_id
-- small: yes
SELECT e.export_id, e.requested_by, e.asked, e.purpose, e.reference_kind, e.reference,
       e.persons, e.released_by, e.delivered_at, e.grid, e.sealed AS exports_sealed
FROM exports AS e
