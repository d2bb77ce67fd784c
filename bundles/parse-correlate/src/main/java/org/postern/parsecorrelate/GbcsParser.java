package org.postern.parsecorrelate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.AnsweredCommands;
import org.postern.gbcs.Authentication;
import org.postern.gbcs.Authenticator;
import org.postern.gbcs.BlockReassembler;
import org.postern.gbcs.Check;
import org.postern.gbcs.DecryptedMessage;
import org.postern.gbcs.Decryptor;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.PartyKeys;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.UseCaseTable;
import org.postern.gbcs.Verdict;
import org.postern.parsecorrelate.internal.mmc.MmcBuilder;

/**
 * Reads GBCS messages: decodes, authenticates and decrypts them and maps them to MMC. Thread-safe; never throws because
 * of the bytes of a message.
 *
 * <p>A message with an unknown message code is decoded and authenticated as well, even if its content is of no known
 * payload family. It has no MMC, and the result states so. The protection that an unknown code requires is not known,
 * so any kind of protection is accepted.
 */
public final class GbcsParser {

    private static final Check NOT_DECODED = Check.unchecked("the message was not decoded");
    private static final Authentication BEFORE_MAC =
            new Authentication(Check.unchecked("the command does not have the ACB's MAC yet"), Check.ABSENT);
    /** Tag of general signing, and the offset of the byte that identifies a command. */
    private static final byte GENERAL_SIGNING = (byte) 0xDF;

    private static final int COMMAND_AT = 2;

    private final GbcsCodec codec;
    private final Authenticator authenticator;
    private final Decryptor decryptor;
    private final UseCaseTable useCases;
    private final MappingCatalogue mapping;
    private final Eui64 acb;

    /**
     * @param acb EUI-64 of the Access Control Broker; distinguishes responses to its own commands from responses to
     *     Users
     */
    public GbcsParser(
            GbcsCodec codec,
            Authenticator authenticator,
            Decryptor decryptor,
            UseCaseTable useCases,
            MappingCatalogue mapping,
            Eui64 acb) {
        this.codec = Objects.requireNonNull(codec, "codec");
        this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
        this.decryptor = Objects.requireNonNull(decryptor, "decryptor");
        this.useCases = Objects.requireNonNull(useCases, "useCases");
        this.mapping = Objects.requireNonNull(mapping, "mapping");
        this.acb = Objects.requireNonNull(acb, "acb");
    }

    /**
     * A parser that uses these keys and the tables of the bundles.
     *
     * @param cache agreed secrets; may be shared; the caller closes it
     */
    public static GbcsParser over(PartyKeys keys, EcProvider ec, SharedSecretCache cache, Eui64 acb) {
        return over(keys, ec, cache, acb, MappingCatalogue.load(UseCaseTable.load()));
    }

    /** @param mappings can be shared by any number of parsers */
    public static GbcsParser over(
            PartyKeys keys, EcProvider ec, SharedSecretCache cache, Eui64 acb, MappingCatalogue mappings) {
        GbcsCodec codec = new GbcsCodec();
        GbcsCrypto crypto = new GbcsCrypto(ec);
        UseCaseTable useCases = mappings.useCases();
        return new GbcsParser(
                codec,
                new Authenticator(crypto, keys, cache, useCases, acb),
                new Decryptor(crypto, codec, keys, cache),
                useCases,
                mappings,
                acb);
    }

    /** Reads one message whose Service Request is not known. */
    public ParsedMessage parse(byte[] message) {
        return parse(message, Optional.empty());
    }

    /**
     * Reads one message.
     *
     * @param message the bytes as received: a message, or the blocks of one in general block transfer, one after the
     *     other
     * @param service reference of the Service Request it answers, variant form such as 6.15.1, where the caller knows;
     *     decides among several that share a message code
     */
    public ParsedMessage parse(byte[] message, Optional<String> service) {
        return parse(message, service, AnsweredCommands.UNKNOWN);
    }

    /**
     * Reads one message and checks a response against the commands that it may answer.
     *
     * @param message the bytes as received: a message, or the blocks of one in general block transfer, one after the
     *     other
     * @param service reference of the Service Request it answers, variant form such as 6.15.1, where the caller knows
     * @param commands the commands, Pre-Commands or Signed Pre-Commands one of which the response answers, if the
     *     caller has them: number, order and kind of the results and the times of entries are then checked against the
     *     items of that command, otherwise against the items that the use case allows
     */
    public ParsedMessage parse(byte[] message, Optional<String> service, AnsweredCommands commands) {
        GbcsMessage decoded;
        try {
            decoded = codec.decode(
                    BlockReassembler.isBlock(message) ? BlockReassembler.join(message, codec.limits()) : message);
        } catch (GbcsRefusal e) {
            Optional<GbcsMessage> otherwise = beforeMac(message).or(() -> ofUnknownCode(message));
            if (otherwise.isEmpty()) {
                return refused(e.fault(), e.fault().cause() + " at offset " + e.offset() + " (" + e.rule() + ")");
            }
            decoded = otherwise.get();
        } catch (RuntimeException e) {
            return refused(unexpected(e), "the decoder failed");
        }
        try {
            return parse(decoded, service, commands);
        } catch (RuntimeException e) {
            Fault fault = unexpected(e);
            return result(
                    ParsedMessage.Status.REFUSED,
                    decoded,
                    Optional.empty(),
                    NOT_DECODED,
                    NOT_DECODED,
                    nothing(),
                    fault.cause(),
                    Optional.of(fault));
        }
    }

    /**
     * A command before the ACB adds its MAC, as {@code transform} produces it: without MAC wrapper, with an empty
     * signature.
     */
    private Optional<GbcsMessage> beforeMac(byte[] message) {
        boolean bare = message.length > COMMAND_AT
                && message[0] == GENERAL_SIGNING
                && message[COMMAND_AT] == 1
                && message[message.length - 1] == 0;
        if (!bare) {
            return Optional.empty();
        }
        try {
            GbcsMessage command = codec.decode(Arrays.copyOf(message, message.length - 1));
            return useCases.protection(command.header().messageCode(), MessageKind.COMMAND)
                            .contains(UseCaseTable.Protection.MAC)
                    ? Optional.of(command.unsigned())
                    : Optional.empty();
        } catch (GbcsRefusal notThatEither) {
            return Optional.empty();
        }
    }

    /**
     * A message with an unknown message code whose content is of no known payload family: header, signature and MAC are
     * at the same positions as in every message and are checked.
     */
    private Optional<GbcsMessage> ofUnknownCode(byte[] message) {
        try {
            GbcsMessage envelope = codec.decodeEnvelope(
                    BlockReassembler.isBlock(message) ? BlockReassembler.join(message, codec.limits()) : message);
            return Optional.of(envelope)
                    .filter(m -> useCases.find(m.header().messageCode()).isEmpty());
        } catch (GbcsRefusal notThatEither) {
            return Optional.empty();
        }
    }

    private static boolean beforeMac(GbcsMessage message) {
        return message.kind() == MessageKind.COMMAND
                && !message.macWrapped()
                && message.signature().isEmpty();
    }

    private ParsedMessage parse(GbcsMessage message, Optional<String> service, AnsweredCommands commands) {
        Authentication verdicts;
        try {
            verdicts = beforeMac(message) ? BEFORE_MAC : authenticator.authenticate(message);
        } catch (PosternException e) {
            String cause =
                    e.fault().cause() + " where the rule is: " + e.fault().rule();
            return result(
                    ParsedMessage.Status.REFUSED,
                    message,
                    Optional.empty(),
                    message.macWrapped() ? Check.unchecked(cause) : Check.ABSENT,
                    message.signature().isPresent() ? Check.unchecked(cause) : Check.ABSENT,
                    nothing(),
                    cause,
                    Optional.of(e.fault()));
        }
        DecryptedMessage plain = decryptor.decrypt(message);
        if (!verdicts.notRefused()) {
            boolean mac = verdicts.mac().verdict() == Verdict.INVALID;
            Check wrong = mac ? verdicts.mac() : verdicts.signature();
            String what = mac ? "MAC" : "signature";
            Fault fault = ParseCorrelateFault.PROTECTION_INVALID.fault(
                    what, what + " invalid" + (wrong.reason().isEmpty() ? "" : ": " + wrong.reason()));
            return result(
                    ParsedMessage.Status.REFUSED,
                    message,
                    Optional.of(plain),
                    verdicts.mac(),
                    verdicts.signature(),
                    nothing(),
                    fault.cause(),
                    Optional.of(fault));
        }
        if (message.header().dateTime().filter(time -> !time.possible()).isPresent()) {
            Fault fault = ParseCorrelateFault.TIME_IMPOSSIBLE.fault(
                    "header", "the date-time of the GBCS message is impossible");
            return result(
                    ParsedMessage.Status.REFUSED,
                    message,
                    Optional.of(plain),
                    verdicts.mac(),
                    verdicts.signature(),
                    nothing(),
                    fault.cause(),
                    Optional.of(fault));
        }
        MmcBuilder.Outcome mmc;
        try {
            mmc = new MmcBuilder(mapping.catalogue(), codec, acb, plain).build(service, commands);
        } catch (RuntimeException e) {
            mmc = new MmcBuilder.Outcome(
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    List.of(),
                    "the mapping failed: " + e.getClass().getSimpleName());
        }
        return result(
                ParsedMessage.Status.OK,
                message,
                Optional.of(plain),
                verdicts.mac(),
                verdicts.signature(),
                mmc,
                reason(
                        verdicts,
                        mmc,
                        useCases.find(message.header().messageCode()).isEmpty()),
                Optional.empty());
    }

    /** The reasons in this order: what is missing, what was not checked, what is uncertain. */
    private static String reason(Authentication verdicts, MmcBuilder.Outcome mmc, boolean unknownCode) {
        List<String> all = new ArrayList<>();
        if (!mmc.reason().isEmpty()) {
            all.add(mmc.reason());
        }
        if (unknownCode) {
            all.add(
                    "the protection that this message code requires is not known: the protection that the message has was checked");
        }
        mmc.deviations().forEach(d -> all.add(d.toString()));
        if (verdicts.mac().verdict() == Verdict.UNCHECKED) {
            all.add("MAC not checked: " + verdicts.mac().reason());
        }
        if (verdicts.signature().verdict() == Verdict.UNCHECKED) {
            all.add("signature not checked: " + verdicts.signature().reason());
        }
        all.addAll(mmc.remarks());
        return String.join("; ", all);
    }

    private static MmcBuilder.Outcome nothing() {
        return new MmcBuilder.Outcome(
                Optional.empty(), List.of(), Optional.empty(), List.of(), List.of(), List.of(), "");
    }

    private ParsedMessage result(
            ParsedMessage.Status status,
            GbcsMessage message,
            Optional<DecryptedMessage> plain,
            Check mac,
            Check signature,
            MmcBuilder.Outcome mmc,
            String reason,
            Optional<Fault> fault) {
        return new ParsedMessage(
                status,
                Optional.of(message),
                plain,
                useCases.find(message.header().messageCode()).map(UseCaseTable.UseCase::name),
                mmc.services(),
                mac,
                signature,
                mmc.document(),
                mmc.success(),
                mmc.items(),
                mmc.deviations(),
                mmc.remarks(),
                reason,
                fault);
    }

    private static ParsedMessage refused(Fault fault, String reason) {
        return new ParsedMessage(
                ParsedMessage.Status.REFUSED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                NOT_DECODED,
                NOT_DECODED,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                reason,
                Optional.of(fault));
    }

    /**
     * An exception that no rule foresees. Only its type is reported, since its message may quote the payload, which is
     * personal data.
     */
    private static Fault unexpected(RuntimeException e) {
        return ParseCorrelateFault.UNFORESEEN.fault(
                "parser", "an unforeseen " + e.getClass().getSimpleName());
    }
}
