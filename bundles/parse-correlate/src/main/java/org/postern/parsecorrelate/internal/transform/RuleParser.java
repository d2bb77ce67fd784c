package org.postern.parsecorrelate.internal.transform;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postern.parsecorrelate.internal.transform.Lexer.Kind;
import org.postern.parsecorrelate.internal.transform.Lexer.Token;

/** Parser for the expressions of the transform notation; {@link UseCaseParser} adds use cases and steps. */
class RuleParser {

    /** A named expression with parameters, shared by the use cases of all files. */
    record Macro(String name, List<String> parameters, Expr body) {}

    final String file;
    final Map<String, Macro> macros;
    private final List<Token> tokens;
    private int at;

    RuleParser(String file, String source, Map<String, Macro> macros) {
        this.file = file;
        this.macros = macros;
        this.tokens = new Lexer(source).tokens(file);
    }

    Expr expression() {
        Expr left = conjunction();
        while (accept("or")) {
            Expr first = left;
            Expr second = conjunction();
            left = scope -> Values.truth(first.eval(scope)) || Values.truth(second.eval(scope));
        }
        return left;
    }

    private Expr conjunction() {
        Expr left = comparison();
        while (accept("and")) {
            Expr first = left;
            Expr second = comparison();
            left = scope -> Values.truth(first.eval(scope)) && Values.truth(second.eval(scope));
        }
        return left;
    }

    private Expr comparison() {
        if (accept("not")) {
            Expr inner = comparison();
            return scope -> !Values.truth(inner.eval(scope));
        }
        Expr left = sum();
        for (String operator : List.of("=", "!=", "<=", ">=", "<", ">")) {
            if (accept(operator)) {
                Expr right = sum();
                return scope -> Values.compare(operator, left.eval(scope), right.eval(scope));
            }
        }
        return left;
    }

    private Expr sum() {
        Expr left = product();
        while (peek().is("+") || peek().is("-")) {
            boolean plus = next().text().equals("+");
            Expr first = left;
            Expr second = product();
            left = scope -> {
                BigDecimal a = Values.number(first.eval(scope));
                BigDecimal b = Values.number(second.eval(scope));
                return plus ? a.add(b) : a.subtract(b);
            };
        }
        return left;
    }

    private Expr product() {
        Expr left = operand();
        while (accept("*")) {
            Expr first = left;
            Expr second = operand();
            left = scope -> Values.number(first.eval(scope)).multiply(Values.number(second.eval(scope)));
        }
        return left;
    }

    private Expr operand() {
        Token token = peek();
        if (accept("(")) {
            Expr inner = expression();
            expect(")");
            return inner;
        }
        if (accept("-")) {
            Expr inner = operand();
            return scope -> Values.number(inner.eval(scope)).negate();
        }
        if (token.kind() == Kind.NUMBER) {
            next();
            BigDecimal number = token.text().startsWith("0x")
                    ? new BigDecimal(Long.parseLong(token.text().substring(2), 16))
                    : new BigDecimal(token.text());
            return scope -> number;
        }
        if (token.kind() == Kind.TEXT) {
            next();
            return scope -> token.text();
        }
        if (token.kind() == Kind.BYTES) {
            next();
            byte[] bytes = HexFormat.of().parseHex(token.text());
            return scope -> bytes;
        }
        if (token.kind() == Kind.VARIABLE) {
            next();
            return scope -> scope.variable(token.text());
        }
        if (token.is("true") || token.is("false")) {
            next();
            boolean value = token.text().equals("true");
            return scope -> value;
        }
        if (token.kind() == Kind.WORD
                && peek(1).is("(")
                && !Character.isUpperCase(token.text().charAt(0))) {
            return call();
        }
        return path();
    }

    /** A path whose nodes a step or a loop visits. */
    PathExpr path() {
        List<PathExpr.PathStep> steps = new ArrayList<>();
        boolean absolute = accept("/");
        do {
            if (accept(".")) {
                boolean up = accept(".");
                steps.add(new PathExpr.PathStep(up ? ".." : ".", null));
            } else if (accept("@")) {
                steps.add(new PathExpr.PathStep("@" + word(), null));
            } else if (accept("*")) {
                steps.add(new PathExpr.PathStep("*", predicate()));
            } else {
                String name = word();
                steps.add(new PathExpr.PathStep(name, predicate()));
            }
        } while (accept("/"));
        return new PathExpr(absolute, steps);
    }

    private @Nullable Expr predicate() {
        if (!accept("[")) {
            return null;
        }
        Expr inner = expression();
        expect("]");
        return inner;
    }

    private Expr call() {
        Token name = next();
        expect("(");
        List<Expr> arguments = new ArrayList<>();
        if (!peek().is(")")) {
            do {
                arguments.add(expression());
            } while (accept(","));
        }
        expect(")");
        Macro macro = macros.get(name.text());
        if (macro != null) {
            return expand(macro, arguments, name);
        }
        Functions.Fn function = Functions.named(name.text());
        if (function == null) {
            throw error(name, "unknown function " + name.text());
        }
        if (arguments.size() < function.minArguments() || arguments.size() > function.maxArguments()) {
            throw error(
                    name,
                    name.text() + " takes " + function.minArguments() + " to " + function.maxArguments()
                            + " arguments");
        }
        String place = file + ":" + name.line();
        return scope -> function.body().apply(scope, arguments, place);
    }

    private Expr expand(Macro macro, List<Expr> arguments, Token name) {
        if (arguments.size() != macro.parameters().size()) {
            throw error(name, macro.name() + " takes " + macro.parameters().size() + " arguments");
        }
        return scope -> {
            Map<String, Object> fresh = new HashMap<>();
            for (int i = 0; i < arguments.size(); i++) {
                fresh.put(macro.parameters().get(i), new Scope.Deferred(arguments.get(i), scope));
            }
            return macro.body().eval(scope.with(fresh));
        };
    }

    Token peek() {
        return tokens.get(at);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(at + ahead, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    boolean accept(String symbol) {
        if (peek().is(symbol)) {
            at++;
            return true;
        }
        return false;
    }

    void expect(String symbol) {
        if (!accept(symbol)) {
            throw error(peek(), "expected " + symbol + ", found " + peek().text());
        }
    }

    String word() {
        Token token = next();
        if (token.kind() != Kind.WORD) {
            throw error(token, "expected a name, found " + token.text());
        }
        return token.text();
    }

    TableError error(Token token, String what) {
        return new TableError(file, token.line(), what);
    }
}
