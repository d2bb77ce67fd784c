-- Spoken by SQLite and PostgreSQL alike; the type of bytes is the one difference, given as a placeholder.
-- Times are milliseconds since 1970 in UTC.
CREATE TABLE requests (
  id                 VARCHAR(40)  NOT NULL PRIMARY KEY,
  request_id         VARCHAR(80)  UNIQUE,
  idempotency_key    VARCHAR(400) UNIQUE,
  door               VARCHAR(40)  NOT NULL,
  correlation_id     VARCHAR(300),
  reply_to           VARCHAR(300),
  principal          VARCHAR(200) NOT NULL,
  content_type       VARCHAR(20)  NOT NULL,
  original           ${bytes}     NOT NULL,
  original_sha256    VARCHAR(64)  NOT NULL,
  role               VARCHAR(10),
  service            VARCHAR(20),
  variant            INTEGER,
  device             VARCHAR(23),
  lane               INTEGER      NOT NULL,
  state              VARCHAR(30)  NOT NULL,
  cause              VARCHAR(2000) NOT NULL,
  response_code      VARCHAR(20),
  success            INTEGER,
  document           ${bytes},
  wire               ${bytes},
  wire_endpoint      VARCHAR(20),
  transform_wire     ${bytes},
  pre_command        ${bytes},
  signed_pre_command ${bytes},
  attempts           INTEGER      NOT NULL,
  retry_at           BIGINT,
  execution_at       BIGINT,
  due_at             BIGINT,
  instructions_done  INTEGER      NOT NULL,
  transitions        INTEGER      NOT NULL,
  created_at         BIGINT       NOT NULL,
  updated_at         BIGINT       NOT NULL
);
CREATE INDEX requests_state ON requests (state, id);
CREATE INDEX requests_device ON requests (device, id);
CREATE INDEX requests_retry ON requests (retry_at);
CREATE INDEX requests_due ON requests (due_at);

CREATE TABLE transitions (
  request    VARCHAR(40)   NOT NULL,
  sequence   INTEGER       NOT NULL,
  from_state VARCHAR(30),
  to_state   VARCHAR(30)   NOT NULL,
  at         BIGINT        NOT NULL,
  cause      VARCHAR(2000) NOT NULL,
  digest     VARCHAR(64),
  PRIMARY KEY (request, sequence)
);

CREATE TABLE inbound (
  id            VARCHAR(40)  NOT NULL PRIMARY KEY,
  identity      VARCHAR(400) NOT NULL UNIQUE,
  request_id    VARCHAR(80),
  kind          VARCHAR(80)  NOT NULL,
  response_code VARCHAR(20)  NOT NULL,
  sha256        VARCHAR(64)  NOT NULL,
  body          ${bytes}     NOT NULL,
  received_at   BIGINT       NOT NULL,
  signer        VARCHAR(300) NOT NULL,
  state         VARCHAR(20)  NOT NULL,
  cause         VARCHAR(2000) NOT NULL
);
CREATE INDEX inbound_state ON inbound (state, id);
CREATE INDEX inbound_request ON inbound (request_id);

CREATE TABLE outbox (
  id           VARCHAR(120) NOT NULL PRIMARY KEY,
  request      VARCHAR(40),
  kind         VARCHAR(20)  NOT NULL,
  destination  VARCHAR(300) NOT NULL,
  headers      TEXT         NOT NULL,
  content_type VARCHAR(80)  NOT NULL,
  body         ${bytes}     NOT NULL,
  json         TEXT,
  state        VARCHAR(20)  NOT NULL,
  attempts     INTEGER      NOT NULL,
  retry_at     BIGINT,
  created_at   BIGINT       NOT NULL,
  delivered_at BIGINT
);
CREATE INDEX outbox_state ON outbox (state, id);
CREATE INDEX outbox_request ON outbox (request);

CREATE TABLE counters (
  series   VARCHAR(80) NOT NULL PRIMARY KEY,
  reserved BIGINT      NOT NULL
);

CREATE TABLE evidence (
  request            VARCHAR(40) NOT NULL PRIMARY KEY,
  verdict            VARCHAR(20) NOT NULL,
  rule_version       VARCHAR(200) NOT NULL,
  device_facts       TEXT        NOT NULL,
  exchanged_at       BIGINT      NOT NULL,
  request_sha256     VARCHAR(64) NOT NULL,
  pre_command_sha256 VARCHAR(64) NOT NULL,
  differences        TEXT        NOT NULL,
  signature          ${bytes},
  signed_at          BIGINT
);
