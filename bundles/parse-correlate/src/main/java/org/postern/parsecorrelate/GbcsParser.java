package org.postern.parsecorrelate;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Fault;
import org.postern.gbcs.Authenticator;
import org.postern.gbcs.Check;
import org.postern.gbcs.Decryptor;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.UseCaseTable;

/**
 * Reads GBCS messages: decodes, authenticates, decrypts and maps to MMC. Safe between threads; never throws for bad bytes.
 */
public final class GbcsParser {

    private final GbcsCodec codec;
    private final Authenticator authenticator;
    private final Decryptor decryptor;
    private final UseCaseTable useCases;
    private final MappingCatalogue mapping;

    public GbcsParser(GbcsCodec codec, Authenticator authenticator, Decryptor decryptor, UseCaseTable useCases,
            MappingCatalogue mapping) {
        this.codec = Objects.requireNonNull(codec, "codec");
        this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
        this.decryptor = Objects.requireNonNull(decryptor, "decryptor");
        this.useCases = Objects.requireNonNull(useCases, "useCases");
        this.mapping = Objects.requireNonNull(mapping, "mapping");
    }

    /** Reads one message whose Service Request is not known. */
    public ParsedMessage parse(byte[] message) {
        return parse(message, Optional.empty());
    }

    /**
     * Reads one message.
     *
     * @param message the bytes as received
     * @param service reference of the Service Request it answers, variant form such as 6.15.1, where the caller knows; decides
     *                among several that share a message code
     */
    public ParsedMessage parse(byte[] message, Optional<String> service) {
        Fault fault = new Fault("PST-4000", "parser", "not built yet", "not built yet", "wait for the next landing");
        return new ParsedMessage(ParsedMessage.Status.REFUSED, Optional.empty(), Optional.empty(), Optional.empty(), List.of(),
                Check.unchecked("not decoded"), Check.unchecked("not decoded"), Optional.empty(), Optional.empty(), List.of(),
                List.of(), fault.cause(), Optional.of(fault));
    }
}
