-- Find what a receiving system calls a record of ours.

CREATE INDEX cross_reference_master ON hourline.cross_reference (tenant, connection_no, master_no);
