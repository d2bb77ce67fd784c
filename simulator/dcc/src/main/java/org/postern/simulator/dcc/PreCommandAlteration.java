package org.postern.simulator.dcc;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.postern.simulator.dcc.internal.alter.Alterations;

/**
 * Changes exactly one thing of a Pre-Command. What there is to change is a list of named fields; every field of the
 * list gives other bytes than the right ones. Fields of
 *
 * <ul>
 *   <li>the header: {@code kind}, {@code counter}, {@code originator}, {@code target}, {@code message-code}; added:
 *       {@code date-time.added}, {@code supplement.added}, {@code signature.added}, {@code trailing.added}; encodings:
 *       {@code content.long-length}, {@code other-info.long-length};
 *   <li>DLMS: {@code invoke-id}, {@code items.long-count}, {@code item[i]} with {@code .operation}, {@code .class},
 *       {@code .obis}, {@code .index}, {@code .selector}, {@code .removed}, {@code .repeated}, {@code .added},
 *       {@code .swapped} (with the next one), and {@code .data[j][k]} down to each value, there also {@code .type},
 *       {@code .null}, {@code .byte[n]}, {@code .other-true}, {@code .long-length}, {@code .long-count};
 *   <li>GBZ: {@code components.count}, {@code component[i]} with {@code .control}, {@code .cluster}, {@code .from},
 *       {@code .frame}, {@code .sequence}, {@code .command}, {@code .removed}, {@code .repeated}, {@code .added},
 *       {@code .swapped}, each field of the ZCL payload by its name ({@code component[0].startTime},
 *       {@code component[3].price[2]}) and each byte ({@code .payload[n]});
 *   <li>ASN.1: {@code node[i][j]} with {@code .tag}, {@code .removed}, {@code .repeated}, {@code .added},
 *       {@code .swapped}, {@code .padded}, {@code .byte[n]} (any byte of a certificate too), {@code .long-length};
 *       values also by name, such as {@code control.authorisingCell.role};
 *   <li>{@code value}: the last value in the content, whatever the family.
 * </ul>
 *
 * <p>A number becomes one more, or one less where it is at its limit; of anything else one bit changes. Times that the
 * DCC may choose move by years, so that no tolerance covers them.
 */
public final class PreCommandAlteration {

    private static final Pattern FORM =
            Pattern.compile("[A-Za-z][A-Za-z0-9-]*(\\[\\d{1,4}])*(\\.[A-Za-z][A-Za-z0-9-]*(\\[\\d{1,4}])*){0,8}");
    private static final String DEFAULT = "value";

    private PreCommandAlteration() {}

    /**
     * All fields of that Pre-Command, in the order of the message.
     *
     * @throws org.postern.gbcs.GbcsRefusal where the bytes are no GBCS message
     */
    public static List<String> fields(byte[] preCommand) {
        return List.copyOf(Alterations.of(preCommand).keySet());
    }

    /** The Pre-Command with that field altered (empty: {@code value}), or empty where it has no such field. */
    public static Optional<byte[]> alter(byte[] preCommand, String field) {
        return Optional.ofNullable(Alterations.of(preCommand).get(field.isEmpty() ? DEFAULT : field))
                .map(Supplier::get);
    }

    /** True where the text could name a field of some Pre-Command. */
    public static boolean wellFormed(String field) {
        return field.isEmpty() || FORM.matcher(field).matches();
    }
}
