package org.postern.hsm;

/**
 * The result of a successful test of a key; a failed test throws an exception.
 *
 * @param alias the key
 * @param purpose its purpose
 * @param publicKeySha256 SHA-256 of its SubjectPublicKeyInfo, 64 lower-case hex digits
 * @param microseconds duration of the one private-key operation, in microseconds
 */
public record KeyTest(String alias, KeyPurpose purpose, String publicKeySha256, long microseconds) {}
