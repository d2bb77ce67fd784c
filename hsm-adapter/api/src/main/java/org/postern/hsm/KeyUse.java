package org.postern.hsm;

import java.util.Objects;
import org.postern.catalogue.Eui64;

/**
 * One use of a key, as the security log records it.
 *
 * @param operation the operation that was requested
 * @param alias the key
 * @param purpose the key's purpose
 * @param eui the party that the key belongs to
 * @param object what the operation concerned: the RequestID of a Pre-Command, the peer's certificate serial of an
 *     agreement, else empty
 * @param inputSha256 SHA-256 of the input bytes, 64 lower-case hex digits
 */
public record KeyUse(
        Operation operation, String alias, KeyPurpose purpose, Eui64 eui, String object, String inputSha256) {

    /** Operations that are recorded. */
    public enum Operation {
        /** {@link KeyVault#signXml}. */
        SIGN_XML,
        /** {@link KeyVault#signPreCommand}. */
        SIGN_PRE_COMMAND,
        /** {@link KeyVault#agree} with a prepayment key. */
        AGREE_PREPAYMENT,
        /** {@link KeyVault#agree}; only a refusal is recorded, because the result confers no authority. */
        AGREE,
        /** {@link KeyVault#test}. */
        TEST
    }

    public KeyUse {
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(alias, "alias");
        Objects.requireNonNull(purpose, "purpose");
        Objects.requireNonNull(eui, "eui");
        Objects.requireNonNull(object, "object");
        Objects.requireNonNull(inputSha256, "inputSha256");
    }
}
