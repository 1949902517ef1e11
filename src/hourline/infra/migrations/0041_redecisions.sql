-- Work that is decided anew under the same revision of its source: after an agreement changed, or on another project.

-- The revisions kept here count on: what is decided anew is the next one. The source's own number is the kept one less
-- how often the entry was decided anew up to it, so that what a source says still finds its place.
CREATE TABLE hourline.redecision (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    revision integer NOT NULL CHECK (revision >= 2),
    kind smallint NOT NULL CHECK (kind IN (1, 2)),
    actor text NOT NULL,
    reason text NOT NULL,
    proposal_no bigint,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, entry_no, revision),
    FOREIGN KEY (tenant, entry_no, revision) REFERENCES hourline.time_entry_version
);
COMMENT ON TABLE hourline.redecision IS '[fact by tenant] A revision that is the one before it decided anew: 1 under changed terms, 2 on another project; its content came from the source once.';

ALTER TABLE hourline.time_entry_version ADD COLUMN source_project_ref text;
COMMENT ON COLUMN hourline.time_entry_version.source_project_ref IS 'The project its source names, where a person transferred the entry to project_ref.';

CREATE FUNCTION hourline.source_revision(entry bigint, kept integer) RETURNS integer
    LANGUAGE sql STABLE
    RETURN kept - (SELECT count(*)::integer FROM hourline.redecision r
                   WHERE r.entry_no = source_revision.entry AND r.revision <= source_revision.kept);
COMMENT ON FUNCTION hourline.source_revision IS 'The number that the source of an entry gives a revision we keep.';

CALL control.protect_tables();
