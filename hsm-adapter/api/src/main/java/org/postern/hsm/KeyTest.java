package org.postern.hsm;

/**
 * What a test of a key showed; a key that fails it throws instead.
 *
 * @param alias the key
 * @param purpose its purpose
 * @param publicKeySha256 SHA-256 of its SubjectPublicKeyInfo, 64 lower-case hex digits
 * @param microseconds time of the one private-key operation, in microseconds
 */
public record KeyTest(String alias, KeyPurpose purpose, String publicKeySha256, long microseconds) {}
