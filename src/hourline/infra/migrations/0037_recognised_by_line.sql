-- An index that leads with the tenant is taken for as good as a primary key while there are no statistics; see docs/benchmarks.md.

DROP INDEX hourline.revenue_recognised_line;
CREATE INDEX revenue_recognised_line ON hourline.revenue_recognised (contract_line_no, recognition_no, tenant);
