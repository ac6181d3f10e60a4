-- title: 同一人以哪个编号列出 | Under which id a person is shown
-- about: 说是同一人的几个编号中，清单以哪一个列出此人：已登记的当中按字节最小的，都未登记的为最小的；不在其中的编号即其本身
--     | of ids that were said to be one person, the one under which lists show the person: the
--     least bytewise of those that are registered, since these have a name and a telephone
--     number, else the least of all; an id that is not in it stands for itself
-- personal: yes
-- publish: yes
-- column: person = person.person
-- column: shown = person.person
-- key: person
-- sorts: person
SELECT a.person,
       coalesce((SELECT r.person FROM alias AS r
                 JOIN person AS p ON p.person = r.person
                 WHERE r.same_as = a.same_as AND p.registered_at IS NOT NULL
                 ORDER BY r.rank LIMIT 1), a.same_as) AS shown
FROM alias AS a
