import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';

@Injectable()
export class ApiKeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest();
    request.accountId = { 'key-of-acme': 'acme', 'key-of-globex': 'globex' }[
      String(request.headers['x-api-key'])
    ];
    return request.accountId !== undefined;
  }
}
