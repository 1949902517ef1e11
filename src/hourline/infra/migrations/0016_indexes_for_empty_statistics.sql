-- Secondary indexes of large tables do not lead with the tenant: while statistics are missing, a foreign key check
-- (tenant and number) took such an index for as good as the primary key, and read all rows of the tenant for each new one.

DROP INDEX hourline.time_entry_version_project;
CREATE INDEX time_entry_version_project ON hourline.time_entry_version (project_ref, tenant);
DROP INDEX hourline.decision_project;
CREATE INDEX decision_project ON hourline.decision (project_no, tenant);
DROP INDEX hourline.decision_contract;
CREATE INDEX decision_contract ON hourline.decision (contract_no, tenant, work_date);
DROP INDEX hourline.portion_contract;
CREATE INDEX portion_contract ON hourline.portion (contract_no, tenant, fate);
