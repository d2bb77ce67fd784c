package org.postern.simulator.dcc;

import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.simulator.pki.SimulatorFault;

/**
 * One line of the fault menu: which fault, how often, and for which messages.
 *
 * @param kind which fault
 * @param argument see {@link FaultKind}; empty where none is given
 * @param probability 0 to 1, drawn anew each time
 * @param times how often at most, or -1 for no limit
 * @param target only for this device, or all
 * @param service only for this Service Reference Variant, or all
 * @param variant only for this Command Variant, or 0 for all
 * @param stage only there; by default wherever the kind can apply
 */
public record FaultRule(
        FaultKind kind,
        String argument,
        double probability,
        int times,
        Optional<Eui64> target,
        Optional<String> service,
        int variant,
        FaultKind.Stage stage) {

    public FaultRule {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(argument, "argument");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(stage, "stage");
        if (!(probability >= 0 && probability <= 1)) {
            throw refuse("probability", "0 to 1", Double.toString(probability));
        }
        switch (kind) {
            case DELAY, DELAY_CALLBACK, UNREACHABLE -> number(kind, argument);
            case DUPLICATE, HTTP_503, NOT_ACTIONED -> {
                if (!argument.isEmpty()) {
                    number(kind, argument);
                }
            }
            case ERROR_CODE -> code(kind, argument);
            case CONTRADICT, WRONG_CODE -> {
                if (!argument.isEmpty()) {
                    code(kind, argument);
                }
            }
            case ALTER_PRE_COMMAND, FOREIGN_PRE_COMMAND -> {
                if (!PreCommandAlteration.wellFormed(argument)) {
                    throw refuse(
                            kind.written(),
                            "the name of a field, such as item[0].data or control.mode; see sim:fields",
                            argument);
                }
            }
            default -> {}
        }
    }

    private static void code(FaultKind kind, String text) {
        if (!text.matches("[EIW][0-9]{1,6}")) {
            throw refuse(kind.written(), "a response code such as E19", text);
        }
    }

    private static void number(FaultKind kind, String text) {
        if (!text.matches("[0-9]{1,8}")) {
            throw refuse(kind.written(), "a whole number as argument", text);
        }
    }

    /** The argument as a number, or the value given where there is none. */
    public long number(long otherwise) {
        return argument.isEmpty() ? otherwise : Long.parseLong(argument);
    }

    /**
     * Reads {@code KIND [ARGUMENT] [times=N] [probability=P] [target=EUI] [service=SRV] [cv=N]
     * [stage=exchange|device|callback]}.
     *
     * @throws PosternException PST-9010 naming the word at fault
     */
    public static FaultRule parse(String line) {
        String[] words = line.strip().split("\\s+");
        FaultKind kind = FaultKind.of(words[0]).orElseThrow(() -> refuse("kind", "a fault of the menu", words[0]));
        String argument = "";
        double probability = 1;
        int times = -1;
        Optional<Eui64> target = Optional.empty();
        Optional<String> service = Optional.empty();
        int variant = 0;
        FaultKind.Stage stage = kind.stage();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            String value = words[i].substring(equals + 1);
            try {
                switch (equals < 0 ? "" : words[i].substring(0, equals)) {
                    case "" -> argument = value;
                    case "times" -> times = Integer.parseInt(value);
                    case "probability" -> probability = Double.parseDouble(value);
                    case "target" -> target = Optional.of(Eui64.parse(value));
                    case "service" -> service = Optional.of(value);
                    case "cv" -> variant = Integer.parseInt(value);
                    case "stage" -> stage = FaultKind.Stage.valueOf(value.toUpperCase(java.util.Locale.ROOT));
                    default ->
                        throw refuse(words[i], "times, probability, target, service, cv or stage", "an unknown word");
                }
            } catch (IllegalArgumentException e) {
                throw refuse(words[i], "a value of the right form", "another");
            }
        }
        return new FaultRule(kind, argument, probability, times, target, service, variant, stage);
    }

    private static PosternException refuse(String field, String rule, String cause) {
        return new PosternException(SimulatorFault.FAULT_RULE.fault(field, rule, cause.isEmpty() ? "nothing" : cause));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind.written());
        if (!argument.isEmpty()) {
            text.append(' ').append(argument);
        }
        if (times >= 0) {
            text.append(" times=").append(times);
        }
        if (probability < 1) {
            text.append(" probability=").append(probability);
        }
        target.ifPresent(t -> text.append(" target=").append(t.hex()));
        service.ifPresent(s -> text.append(" service=").append(s));
        if (variant != 0) {
            text.append(" cv=").append(variant);
        }
        if (stage != kind.stage()) {
            text.append(" stage=").append(stage.name().toLowerCase(java.util.Locale.ROOT));
        }
        return text.toString();
    }
}
