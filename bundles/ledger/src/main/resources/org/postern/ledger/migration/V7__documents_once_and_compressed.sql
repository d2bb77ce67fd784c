-- Documents are kept compressed, each once, as Packer writes them: in columns of their own, so that what former versions wrote is read
-- where it is. The columns of before stay, and are empty in the rows of now.
ALTER TABLE requests ADD COLUMN original_packed ${bytes};
ALTER TABLE requests ADD COLUMN document_packed ${bytes};
ALTER TABLE requests ADD COLUMN wire_packed ${bytes};
ALTER TABLE requests ADD COLUMN transform_packed ${bytes};
ALTER TABLE requests ADD COLUMN pre_command_packed ${bytes};
ALTER TABLE requests ADD COLUMN signed_packed ${bytes};

-- The identity of a row of now is a digest of what identity_text tells; the rest of the text is in the row's other columns.
ALTER TABLE inbound ADD COLUMN packed ${bytes};
ALTER TABLE inbound ADD COLUMN content_sha256 ${bytes};
ALTER TABLE inbound ADD COLUMN identity_text VARCHAR(400);

-- Headers, body and JSON form together; a body that is the answer of the request's exchange is kept there and not again.
ALTER TABLE outbox ADD COLUMN packed ${bytes};
ALTER TABLE outbox ADD COLUMN body_content ${bytes};

-- The answers in the exchange of a request, which need no processing and are looked for with their request only. Former ones are in inbound.
CREATE TABLE exchanges (
  request       VARCHAR(40)   NOT NULL,
  content       ${bytes}      NOT NULL,
  kind          VARCHAR(80)   NOT NULL,
  response_code VARCHAR(20)   NOT NULL,
  received_at   BIGINT        NOT NULL,
  signer        VARCHAR(300)  NOT NULL,
  cause         VARCHAR(2000) NOT NULL,
  packed        ${bytes}      NOT NULL,
  PRIMARY KEY (request, content)
) ${clustered};

-- The path of a request. The state before a step is that of the step before; the digests of the first two are those of the documents
-- that the request came with.
ALTER TABLE transitions RENAME TO former_transitions;
CREATE TABLE steps (
  request  VARCHAR(40)   NOT NULL,
  sequence INTEGER       NOT NULL,
  to_state VARCHAR(30)   NOT NULL,
  at       BIGINT        NOT NULL,
  cause    VARCHAR(2000) NOT NULL,
  digest   ${bytes},
  PRIMARY KEY (request, sequence)
) ${clustered};
CREATE VIEW transitions AS SELECT request, sequence, to_state, at, cause FROM former_transitions
  UNION ALL SELECT request, sequence, to_state, at, cause FROM steps;

-- Each certificate that a signature was made with, once.
CREATE TABLE certificates (
  sha256      ${bytes} NOT NULL PRIMARY KEY,
  certificate ${bytes} NOT NULL
);
ALTER TABLE evidence ADD COLUMN certificate_sha256 ${bytes};

-- An index holds what is looked for by it: not what has ended, which is nearly everything.
DROP INDEX requests_state;
CREATE INDEX requests_state ON requests (state, id) WHERE state <> 'DELIVERED';
DROP INDEX outbox_state;
CREATE INDEX outbox_state ON outbox (state, id) WHERE state = 'PENDING';
DROP INDEX inbound_state;
CREATE INDEX inbound_state ON inbound (state, id) WHERE state = 'STORED';
CREATE INDEX inbound_apart ON inbound (state) WHERE state IN ('QUARANTINED','EXCHANGED');
-- The counter of a RequestID, which stands after two EUI-64s, tells nearly as much as the whole.
DROP INDEX inbound_request;
CREATE INDEX inbound_counter ON inbound (substr(request_id, 49));
