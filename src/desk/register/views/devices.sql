-- title: 设备 | Devices
-- about: 哪些设备可以发送：角色、负责的网格、所属单位 | which devices may send: role, grid, office
-- roles: lead operator auditor
-- column: device = device.device
-- column: role = device.role
-- column: grid = device.grid
-- column: office = device.office
-- column: active = device.active
-- column: enrolled_at = device.enrolled_at
-- column: revoked_at = device.revoked_at
-- column: clock_offset_s = sender.clock_offset_s
-- column: clock_at = sender.clock_at
-- key: device
-- sorts: device -device
-- filters: role office active
-- scope: grid
SELECT d.device, d.role, d.grid, d.office, d.active, d.enrolled_at, d.revoked_at,
       s.clock_offset_s, s.clock_at
FROM device AS d
LEFT JOIN sender AS s ON s.device = d.device
