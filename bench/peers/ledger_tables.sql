-- What PostgreSQL keeps of sample facts: the ledger, a row a sample, a row a tube, as
-- records.db does.
CREATE SEQUENCE batch;
CREATE TABLE ledger (
    device int NOT NULL, seq bigint NOT NULL, kind int NOT NULL, at bigint NOT NULL,
    received bigint NOT NULL, body text NOT NULL, PRIMARY KEY (device, seq));
CREATE TABLE sample (
    tube_id text COLLATE "C" NOT NULL, person int NOT NULL, collected_at bigint NOT NULL,
    site int NOT NULL, PRIMARY KEY (tube_id, person));
CREATE TABLE tube (
    tube_id text COLLATE "C" NOT NULL PRIMARY KEY, first_collected_at bigint NOT NULL,
    last_collected_at bigint NOT NULL, samples int NOT NULL, site int NOT NULL);
