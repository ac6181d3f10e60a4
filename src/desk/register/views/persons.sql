-- title: 人员 | Persons
-- about: 登记的人员及其资料；姓名、电话等只为所显示的行解封
--     | the people of the register; names, phones and the like are opened for the rows
--     that are shown
-- roles: lead investigator grid_worker
-- personal: yes
-- column: person = person.person
-- column: sex = person.sex
-- column: grid = person.grid
-- column: occupation = person.occupation
-- column: present = person.present
-- column: present_place = person.present_place
-- column: absence_reason = person.absence_reason
-- column: absent_until = person.absent_until
-- opens: person = name birth household phone id_number needs
-- key: person
-- sorts: person -person
-- filters: person sex occupation present absence_reason
-- scope: grid
SELECT person, sex, grid, occupation, present, present_place, absence_reason,
       absent_until, sealed AS person_sealed
FROM person
