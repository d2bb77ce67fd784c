-- What an auditor needs years later, beside what V1 kept: the rule's name, the tolerance, what was excused and who signed with what.
-- Rows of before had the tolerance of the settings' default.
ALTER TABLE evidence ADD COLUMN use_case VARCHAR(80) NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN tolerance_seconds BIGINT NOT NULL DEFAULT 600;
ALTER TABLE evidence ADD COLUMN excused TEXT NOT NULL DEFAULT '[]';
ALTER TABLE evidence ADD COLUMN key_alias VARCHAR(200);
ALTER TABLE evidence ADD COLUMN certificate_issuer VARCHAR(400);
ALTER TABLE evidence ADD COLUMN certificate_serial VARCHAR(80);
ALTER TABLE evidence ADD COLUMN certificate ${bytes};

-- The outcome of each instruction of a future-dated command, once each however often it is reported.
CREATE TABLE instructions (
  request  VARCHAR(40)   NOT NULL,
  number   INTEGER       NOT NULL,
  total    INTEGER       NOT NULL,
  actioned INTEGER       NOT NULL,
  subject  VARCHAR(400)  NOT NULL,
  inbound  VARCHAR(40)   NOT NULL,
  at       BIGINT        NOT NULL,
  remark   VARCHAR(2000) NOT NULL,
  PRIMARY KEY (request, number)
);

-- What befell a request without changing its state.
CREATE TABLE remarks (
  request  VARCHAR(40)   NOT NULL,
  sequence INTEGER       NOT NULL,
  at       BIGINT        NOT NULL,
  text     VARCHAR(2000) NOT NULL,
  PRIMARY KEY (request, sequence)
);
