-- title: 设备 | Devices
-- about: 哪些设备可以发送：角色、负责的网格、所属单位 | which devices may send: role, grid, office
-- roles: operator auditor
-- column: device = device.device
-- column: role = device.role
-- column: grid = device.grid
-- column: office = device.office
-- column: active = device.active
-- column: enrolled_at = device.enrolled_at
-- column: revoked_at = device.revoked_at
-- key: device
-- sorts: device -device
-- filters: role office active
-- scope: grid
SELECT device, role, grid, office, active, enrolled_at, revoked_at
FROM device
