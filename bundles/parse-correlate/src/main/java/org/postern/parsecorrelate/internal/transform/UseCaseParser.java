package org.postern.parsecorrelate.internal.transform;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.Payload;
import org.postern.gbcs.UseCaseTable;
import org.postern.gbcs.UseCaseTable.Protection;
import org.postern.parsecorrelate.internal.transform.Lexer.Kind;
import org.postern.parsecorrelate.internal.transform.Lexer.Token;
import org.postern.parsecorrelate.internal.transform.MessageBuilder.Choice;
import org.postern.parsecorrelate.internal.transform.Piece.Framing;
import org.postern.parsecorrelate.internal.transform.Piece.Leaf;

/** Parser for the upper level of the transform notation: macros, blocks, use cases and their steps. */
final class UseCaseParser extends RuleParser {

    /** Keywords at the beginning of a definition. */
    static final List<String> DEFINITIONS = List.of("define", "block", "usecase");

    /** Keywords in the head of a use case, before its steps. */
    static final List<String> HEAD = List.of("as", "on", "acb", "signed", "earlier", "if");

    /** Former keyword for {@code acb}; still accepted in this release. */
    private static final String FORMER_ACB = "broker";

    /** Keywords at the beginning of a step. */
    static final List<String> STEPS =
            List.of("get", "set", "act", "select", "zcl", "der", "include", "when", "each", "times");

    /**
     * An object and its SMETS name. The name is for readers only; UseCaseNamesTest compares it with the table of items.
     */
    private static final Pattern NAMED = Pattern.compile("(.+?/[^/]+/\\d+)(?: (\\S+))?");

    private static final Pattern HOLE = Pattern.compile("\\{([^}]*)}");

    private final Map<String, List<Step>> blocks;
    private final ServiceCatalogue catalogue;
    private final UseCaseTable useCases;

    /**
     * @param macros macros of the files before this one; those of this file are added
     * @param blocks blocks of the files before this one; those of this file are added
     * @param catalogue states which services become a use case, whether they are critical, and the commander
     * @param useCases message codes and payload families
     */
    UseCaseParser(
            String file,
            String source,
            Map<String, Macro> macros,
            Map<String, List<Step>> blocks,
            ServiceCatalogue catalogue,
            UseCaseTable useCases) {
        super(file, source, macros);
        this.blocks = blocks;
        this.catalogue = catalogue;
        this.useCases = useCases;
    }

    /** Reads the whole file. */
    List<UseCase> useCases() {
        List<UseCase> found = new ArrayList<>();
        while (peek().kind() != Kind.END) {
            if (accept("define")) {
                define();
            } else if (accept("block")) {
                blocks.put(word(), steps());
            } else if (accept("usecase")) {
                found.add(useCase());
            } else {
                throw error(peek(), "expected " + DEFINITIONS + ", found " + peek().text());
            }
        }
        return found;
    }

    private void define() {
        Token name = next();
        List<String> parameters = new ArrayList<>();
        expect("(");
        if (!peek().is(")")) {
            do {
                parameters.add(next().text());
            } while (accept(","));
        }
        expect(")");
        expect("=");
        Expr body = expression();
        if (Functions.named(name.text()) != null
                || macros.put(name.text(), new Macro(name.text(), parameters, body)) != null) {
            throw error(name, name.text() + " is defined twice");
        }
    }

    private UseCase useCase() {
        Token name = next();
        UseCaseTable.UseCase known = useCases.find(name.text(), MessageKind.COMMAND)
                .orElseThrow(() -> error(name, "no command of one message code is named " + name.text()));
        List<ServiceRow> services = catalogue.byUseCase(name.text());
        if (services.isEmpty()) {
            throw error(name, "no service of the catalogue becomes " + name.text());
        }
        String rule = accept("as") ? word() : name.text();
        Set<String> types = accept("on") ? list() : Set.of();
        boolean signed = false;
        boolean acb = false;
        boolean earlier = false;
        Expr condition = scope -> true;
        while (!peek().is("{")) {
            if (accept("acb") || accept(FORMER_ACB)) {
                acb = true;
            } else if (accept("signed")) {
                signed = true;
            } else if (accept("earlier")) {
                earlier = true;
            } else if (accept("if")) {
                condition = expression();
            } else {
                throw error(peek(), "unexpected " + peek().text() + "; the head of a use case has " + HEAD);
            }
        }
        boolean critical = same(services, ServiceRow::critical, name);
        if (signed && (critical || known.protection(MessageKind.COMMAND).contains(Protection.MAC))) {
            throw error(name, "signed is for a non-critical service whose command is never without a signature");
        }
        return new UseCase(
                rule,
                known.code(),
                family(known, name),
                services.stream().map(ServiceRow::variant).collect(Collectors.toCollection(LinkedHashSet::new)),
                types,
                critical,
                sender(services, acb, name),
                signed,
                earlier,
                condition,
                steps(),
                file + ":" + name.line());
    }

    private Payload.Family family(UseCaseTable.UseCase known, Token name) {
        if (known.families().size() != 1 || known.families().contains(Payload.Family.OPAQUE)) {
            throw error(name, name.text() + " has no single payload family, so no rule can make it");
        }
        return known.families().iterator().next();
    }

    /** A property that must be the same for all services of a rule, since a rule makes one kind of command. */
    private boolean same(List<ServiceRow> services, Predicate<ServiceRow> what, Token name) {
        boolean first = what.test(services.get(0));
        if (services.stream().anyMatch(service -> what.test(service) != first)) {
            throw error(
                    name,
                    "the services " + services.stream().map(ServiceRow::variant).toList()
                            + " differ in being critical or in their commander");
        }
        return first;
    }

    private UseCase.Sender sender(List<ServiceRow> services, boolean acb, Token name) {
        if (same(services, ServiceRow::commandedByOther, name)) {
            if (acb) {
                throw error(
                        name,
                        "acb is for commands on behalf of the User; the commander of " + name.text()
                                + " is another party");
            }
            return UseCase.Sender.OTHER;
        }
        return acb ? UseCase.Sender.ACB_FOR_USER : UseCase.Sender.USER;
    }

    private Set<String> list() {
        Set<String> names = new LinkedHashSet<>();
        do {
            names.add(word());
        } while (accept(","));
        return names;
    }

    private List<Step> steps() {
        expect("{");
        List<Step> steps = new ArrayList<>();
        while (!accept("}")) {
            steps.add(step());
        }
        return steps;
    }

    private Step step() {
        Token token = next();
        return switch (token.text()) {
            case "get" -> item(Choice.GET, false);
            case "set" -> item(Choice.SET, false);
            case "act" -> item(Choice.ACT, false);
            case "select" -> item(Choice.SELECT, true);
            case "zcl" -> component();
            case "der" -> content();
            case "include" -> include();
            case "when" -> when();
            case "each" -> each();
            case "times" -> times();
            default -> throw error(token, "unexpected " + token.text() + "; steps are " + STEPS);
        };
    }

    private Step item(Choice choice, boolean selective) {
        Token where = next();
        if (where.kind() != Kind.OBJECT) {
            throw error(where, "expected an object between backquotes");
        }
        ObjectExpr object = object(where);
        Expr selection = selective ? expression() : null;
        Expr data = choice == Choice.SET || choice == Choice.ACT ? valueAfterEquals() : null;
        return (scope, message) -> {
            Set<String> before = scope.mark();
            CosemObject cosem = object.eval(scope);
            List<String> paths = scope.note(before);
            byte[] body = cosem.toBytes();
            // a selection uses selector 1, entries between two times; its data follow the specification
            byte[] specification = new byte[body.length + (choice == Choice.SELECT ? 2 : 1)];
            specification[0] = (byte) choice.code;
            specification[specification.length - 1] = 1;
            System.arraycopy(body, 0, specification, 1, body.length);
            Piece value = data == null
                    ? new Leaf(Framing.DLMS, 0, new byte[0], new Trace(List.of(), "", null))
                    : piece(data, scope, where);
            message.items.add(new MessageBuilder.Item(
                    choice,
                    cosem,
                    new Leaf(Framing.RAW, 0, specification, new Trace(paths, "", null)),
                    selection == null ? null : piece(selection, scope, where),
                    value));
        };
    }

    private Expr valueAfterEquals() {
        expect("=");
        return expression();
    }

    private Piece piece(Expr expr, Scope scope, Token where) {
        Object value = expr.eval(scope);
        if (value instanceof List<?> list && list.size() == 1) {
            value = list.get(0);
        }
        if (value instanceof Piece piece) {
            return piece;
        }
        throw error(where, "a piece of a message is required here");
    }

    /** An object whose numbers may be expressions in braces, which are evaluated for each request. */
    @FunctionalInterface
    private interface ObjectExpr {

        CosemObject eval(Scope scope);
    }

    private ObjectExpr object(Token token) {
        Matcher named = NAMED.matcher(token.text());
        if (!named.matches()) {
            throw error(token, token.text() + " is not an object: class/obis/member, and its name after a blank");
        }
        String text = named.group(1);
        Matcher holes = HOLE.matcher(text);
        if (!holes.find()) {
            try {
                CosemObject fixed = CosemObject.parse(text);
                return scope -> fixed;
            } catch (IllegalArgumentException notAnObject) {
                throw error(token, String.valueOf(notAnObject.getMessage()));
            }
        }
        List<Expr> fillings = new ArrayList<>();
        do {
            fillings.add(new RuleParser(file, holes.group(1), macros).expression());
        } while (holes.find());
        return scope -> {
            StringBuilder filled = new StringBuilder();
            Matcher hole = HOLE.matcher(text);
            for (Expr filling : fillings) {
                hole.find();
                hole.appendReplacement(
                        filled, Values.number(filling.eval(scope)).toPlainString());
            }
            hole.appendTail(filled);
            try {
                return CosemObject.parse(filled.toString());
            } catch (IllegalArgumentException notAnObject) {
                throw Values.refused(
                        scope.node.path(), "a number that names an object", String.valueOf(notAnObject.getMessage()));
            }
        };
    }

    /** {@code zcl cluster frame-control command [from expression] { field, field ... }}: numbers in hex. */
    private Step component() {
        int cluster = hex();
        int frameControl = hex();
        int command = hex();
        Expr from = accept("from") ? expression() : null;
        List<Expr> fields = new ArrayList<>();
        Token open = peek();
        expect("{");
        if (!peek().is("}")) {
            do {
                fields.add(expression());
            } while (accept(","));
        }
        expect("}");
        return (scope, message) -> {
            Set<String> before = scope.mark();
            List<Piece> made = new ArrayList<>();
            for (Expr field : fields) {
                List<Object> parts = new ArrayList<>();
                Functions.append(parts, field.eval(scope));
                for (Object part : parts) {
                    if (!(part instanceof Piece piece)) {
                        throw error(open, "a field is required here");
                    }
                    made.add(piece);
                }
            }
            Piece date = null;
            if (from != null) {
                Set<String> outer = scope.mark();
                BigInteger seconds = Values.whole(from.eval(scope));
                List<String> paths = scope.note(outer);
                date = new Leaf(
                        Framing.RAW,
                        0,
                        Functions.fixed(seconds, 4, false, false, null, scope),
                        new Trace(paths, "", null));
            }
            message.components.add(new MessageBuilder.Component(
                    cluster, frameControl, command, date, made, new Trace(scope.note(before), "", null)));
        };
    }

    private int hex() {
        Token token = next();
        try {
            return Integer.parseInt(token.text(), 16);
        } catch (NumberFormatException notHex) {
            throw error(token, "expected a hex number, found " + token.text());
        }
    }

    private Step content() {
        Token where = peek();
        Expr expr = expression();
        return (scope, message) -> message.content.add(piece(expr, scope, where));
    }

    private Step include() {
        Token name = next();
        List<Step> block = blocks.get(name.text());
        if (block == null) {
            throw error(name, "no block " + name.text());
        }
        return (scope, message) -> block.forEach(step -> step.run(scope, message));
    }

    private Step when() {
        Expr condition = expression();
        List<Step> then = steps();
        List<Step> otherwise = accept("else") ? steps() : List.of();
        return (scope, message) -> {
            for (Step step : Values.truth(condition.eval(scope)) ? then : otherwise) {
                step.run(scope, message);
            }
        };
    }

    /** {@code times 'name' first last { }}: the steps once for each number. */
    private Step times() {
        String name = next().text();
        int first = Integer.parseInt(next().text());
        int last = Integer.parseInt(next().text());
        List<Step> body = steps();
        return (scope, message) -> {
            for (int i = first; i <= last; i++) {
                Scope inner = scope.with(name, BigDecimal.valueOf(i));
                body.forEach(step -> step.run(inner, message));
            }
        };
    }

    private Step each() {
        PathExpr path = path();
        List<Step> body = steps();
        return (scope, message) -> {
            List<DuisNode> nodes = path.eval(scope);
            for (int i = 0; i < nodes.size(); i++) {
                Scope inner = scope.on(nodes.get(i), i + 1);
                body.forEach(step -> step.run(inner, message));
            }
        };
    }
}
