/**
 * Who may connect: {@link io.datanode.server.access.Login} asks each {@link
 * io.datanode.server.access.Authenticator} whose credentials a request carries. Passwords, tokens
 * and keys come from files that are read again when they change.
 *
 * <p>To add a way to log in, write an {@link io.datanode.server.access.AuthenticatorProvider} and
 * list it in {@code META-INF/services}.
 */
@NullMarked
package io.datanode.server.access;

import org.jspecify.annotations.NullMarked;
